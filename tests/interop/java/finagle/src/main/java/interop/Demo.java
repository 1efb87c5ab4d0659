package interop;

import addressbook.AddressBook;
import addressbook.Contact;
import addressbook.Name;
import com.twitter.util.Await;
import com.twitter.util.Duration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The demonstration's caller: an address book's clients, which find it by name and call it over
 * ThriftMux without a pause. Says "@running" once the first call was answered; each line on standard
 * input is answered with "@calls N failed M HOST:PORT=N...", counted since the line before.
 *
 * Usage: DEST [--workers=N] --tls-certificate= --tls-key= --tls-ca=
 */
public final class Demo {
    private static final String[] FAMILIES = {"Lovelace", "Hopper", "Hamilton", "Lamarr", "Noether"};
    private static final long PAUSE_MS = 2;

    private final Peer.Connection connection;
    private final AddressBook.ServiceIface book;
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Map<String, AtomicLong> failures = new ConcurrentHashMap<>();

    private Demo(Peer peer) {
        connection = peer.connect("address_book");
        book = new AddressBook.ServiceToClient(connection.service, connection.param);
    }

    public static void main(String[] argv) throws Exception {
        Arguments args = new Arguments(argv);
        Logger.getLogger("").setLevel(Level.OFF);
        Demo demo = new Demo(
            Peer.of(args.words().get(0), Peer.Transport.THRIFTMUX, false, args));

        Await.result(demo.book.ping(), Duration.fromSeconds(60));
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < args.get("workers", 8); i++) {
            Thread worker = new Thread(demo::work);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        System.out.println("@running");
        demo.report();
        demo.running.set(false);
        for (Thread worker : workers)
            worker.join(10_000);
        demo.connection.close();
        System.exit(0);
    }

    /** A contact of its own, and then what people do with address books. */
    private void work() {
        Contact mine = null;

        for (int i = 0; running.get(); i++) {
            try {
                calls.incrementAndGet();
                if (mine == null)
                    mine = Await.result(book.create(contact(i)), Duration.fromSeconds(20));
                else
                    one(i, mine.getId());
                Thread.sleep(PAUSE_MS);
            } catch (Throwable e) {
                failed.incrementAndGet();
                failures.computeIfAbsent(Tap.brief(e), key -> new AtomicLong()).incrementAndGet();
            }
        }
    }

    private void one(int i, long id) throws Exception {
        Duration limit = Duration.fromSeconds(20);

        switch (i % 4) {
        case 1:
            Await.result(book.search(FAMILIES[i % FAMILIES.length].substring(0, 3), "", 5), limit);
            break;
        case 2:
            Await.result(book.count(""), limit);
            break;
        default:
            Await.result(book.get_many(List.of(id)), limit);
        }
    }

    private static Contact contact(int i) {
        Contact contact = new Contact();

        contact.setName(new Name().setGiven("Augusta").setFamily(FAMILIES[i % FAMILIES.length]));
        contact.setEmails(new ArrayList<>());
        contact.setPhones(new ArrayList<>());
        contact.setAddresses(new ArrayList<>());
        contact.setLabels(new HashSet<>());
        return contact;
    }

    private void report() throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        long callsBefore = 0;
        long failedBefore = 0;
        Map<String, Long> hostsBefore = new TreeMap<>();

        for (String line = in.readLine(); line != null && !line.equals("end"); line = in.readLine()) {
            long callsNow = calls.get();
            long failedNow = failed.get();
            Map<String, Long> hostsNow = connection.callsByHost();
            StringBuilder text = new StringBuilder();
            for (Map.Entry<String, Long> host : hostsNow.entrySet())
                text.append(' ').append(host.getKey()).append('=')
                    .append(host.getValue() - hostsBefore.getOrDefault(host.getKey(), 0L));
            System.out.println("@calls " + (callsNow - callsBefore) + " failed "
                + (failedNow - failedBefore) + text);
            callsBefore = callsNow;
            failedBefore = failedNow;
            hostsBefore = hostsNow;
        }
        failures.forEach((why, count) -> System.out.println("# " + count + " times: " + why));
    }
}
