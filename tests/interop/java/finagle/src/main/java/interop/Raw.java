package interop;

import com.twitter.finagle.Service;
import com.twitter.finagle.thrift.ThriftClientRequest;
import com.twitter.util.Await;
import com.twitter.util.Duration;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TCompactProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TMessage;
import org.apache.thrift.protocol.TMessageType;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryBuffer;
import org.apache.thrift.transport.TMemoryInputTransport;

/** Thrift messages written by hand: what a generated client would never send. */
final class Raw {
    private final Peer peer;
    private final Service<ThriftClientRequest, byte[]> service;

    Raw(Peer peer, Service<ThriftClientRequest, byte[]> service) {
        this.peer = peer;
        this.service = service;
    }

    /** Calls a method without arguments. Throws the reply's TApplicationException if it is one. */
    void call(String method) throws Exception {
        TMemoryBuffer out = new TMemoryBuffer(64);
        TProtocol protocol = protocol(out);

        begin(protocol, method);
        protocol.writeFieldStop();
        reply(send(out));
    }

    /** Sends everything() with this number in field color, and reads what comes back there. */
    int colour(int number) throws Exception {
        TMemoryBuffer out = new TMemoryBuffer(64);
        TProtocol protocol = protocol(out);

        begin(protocol, "everything");
        protocol.writeFieldBegin(new TField("value", TType.STRUCT, (short) 1));
        protocol.writeStructBegin(new TStruct("EveryType"));
        protocol.writeFieldBegin(new TField("color", TType.I32, (short) 9));
        protocol.writeI32(number);
        protocol.writeFieldEnd();
        protocol.writeFieldStop();
        protocol.writeStructEnd();
        protocol.writeFieldEnd();
        protocol.writeFieldStop();
        return colourOf(reply(send(out)));
    }

    /** As colour(), with a field, a struct and a list that nobody knows beside it. */
    int strangers(int number) throws Exception {
        TMemoryBuffer out = new TMemoryBuffer(64);
        TProtocol protocol = protocol(out);

        begin(protocol, "everything");
        protocol.writeFieldBegin(new TField("stranger", TType.STRING, (short) 77));
        protocol.writeString("never heard of");
        protocol.writeFieldEnd();
        protocol.writeFieldBegin(new TField("value", TType.STRUCT, (short) 1));
        protocol.writeStructBegin(new TStruct("EveryType"));
        protocol.writeFieldBegin(new TField("color", TType.I32, (short) 9));
        protocol.writeI32(number);
        protocol.writeFieldEnd();
        protocol.writeFieldBegin(new TField("stranger", TType.STRUCT, (short) 1234));
        protocol.writeStructBegin(new TStruct("Stranger"));
        protocol.writeFieldBegin(new TField("deep", TType.DOUBLE, (short) -3));
        protocol.writeDouble(1.0);
        protocol.writeFieldEnd();
        protocol.writeFieldStop();
        protocol.writeStructEnd();
        protocol.writeFieldEnd();
        protocol.writeFieldStop();
        protocol.writeStructEnd();
        protocol.writeFieldEnd();
        protocol.writeFieldStop();
        return colourOf(reply(send(out)));
    }

    private void begin(TProtocol protocol, String method) throws TException {
        protocol.writeMessageBegin(
            new TMessage(method, TMessageType.CALL, peer.transport.isMux() ? 0 : 77));
        protocol.writeStructBegin(new TStruct("args"));
    }

    private byte[] send(TMemoryBuffer out) throws Exception {
        byte[] message = java.util.Arrays.copyOf(out.getArray(), out.length());

        return Await.result(service.apply(new ThriftClientRequest(message, false)),
                            Duration.fromSeconds(10));
    }

    /** The reply behind its message header. */
    private TProtocol reply(byte[] bytes) throws TException {
        TProtocol protocol = protocol(new TMemoryInputTransport(bytes));

        if (protocol.readMessageBegin().type == TMessageType.EXCEPTION)
            throw TApplicationException.readFrom(protocol);
        return protocol;
    }

    private static int colourOf(TProtocol protocol) throws Exception {
        protocol.readStructBegin();
        Tap.equal((short) 0, protocol.readFieldBegin().id, "the result's field");
        protocol.readStructBegin();
        for (TField field = protocol.readFieldBegin(); field.type != TType.STOP;
             field = protocol.readFieldBegin()) {
            if (field.id == 9)
                return protocol.readI32();
            TProtocolUtil.skip(protocol, field.type);
        }
        throw new Tap.Wrong("the colour is gone");
    }

    private TProtocol protocol(org.apache.thrift.transport.TTransport transport) {
        return peer.compact ? new TCompactProtocol(transport) : new TBinaryProtocol(transport);
    }
}
