using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary><c>rd_kafka_vu_t</c>: one tagged argument of <c>rd_kafka_produceva</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct NativeArgument
{
    [FieldOffset(0)]
    public NativeArgumentKind Kind;

    [FieldOffset(8)]
    public nint Pointer;

    [FieldOffset(8)]
    public int Int32;

    [FieldOffset(8)]
    public long Int64;

    /// <summary>The length of the bytes at <see cref="Pointer"/>.</summary>
    [FieldOffset(16)]
    public nuint Length;

    /// <summary>A header's value, whose name is at <see cref="Pointer"/> and ends with a zero.</summary>
    [FieldOffset(16)]
    public nint HeaderValue;

    /// <summary>The length of the header's value.</summary>
    [FieldOffset(24)]
    public nint HeaderLength;

    public static NativeArgument Of(NativeArgumentKind kind, nint pointer) => new() { Kind = kind, Pointer = pointer };

    public static NativeArgument Of(NativeArgumentKind kind, void* bytes, int length) =>
        new() { Kind = kind, Pointer = (nint)bytes, Length = (nuint)length };
}

/// <summary><c>rd_kafka_vtype_t</c>.</summary>
internal enum NativeArgumentKind
{
    TopicHandle = 2,
    Partition = 3,
    Value = 4,
    Key = 5,
    Opaque = 6,
    MessageFlags = 7,
    Timestamp = 8,
    Header = 9,
    Headers = 10,
}
