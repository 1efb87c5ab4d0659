package interop; public final class Hello { public static void main(String[] a){} }
