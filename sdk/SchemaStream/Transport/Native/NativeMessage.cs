using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary><c>rd_kafka_message_t</c>: a delivery report of a producer, or a record or error for a consumer.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    public int Error;
    public nint Topic;
    public int Partition;
    public byte* Payload;
    public nuint PayloadLength;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    public nint Opaque;
}
