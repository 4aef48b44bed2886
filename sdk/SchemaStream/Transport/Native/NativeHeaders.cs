using System.Runtime.InteropServices;
using System.Text;

namespace SchemaStream.Transport.Native;

/// <summary>Record headers to and from <c>rd_kafka_headers_t</c>.</summary>
internal static unsafe class NativeHeaders
{
    private const int LongestNameOnStack = 256;

    /// <summary>Any address that is not null: librdkafka tells empty from null by the pointer.</summary>
    public static readonly void* SomeAddress = NativeMemory.AllocZeroed(1);

    /// <summary>Makes native headers; whoever they are not handed to destroys them.</summary>
    /// <param name="headers">The headers.</param>
    public static nint Make(RecordHeaders headers)
    {
        var native = Librdkafka.HeadersNew((nuint)headers.Count);
        foreach (var header in headers)
        {
            Add(native, header);
        }

        return native;
    }

    /// <summary>Copies a record's headers; null for none.</summary>
    /// <param name="message">The record.</param>
    public static RecordHeaders? Read(NativeMessage* message)
    {
        nint native;
        if (Librdkafka.MessageHeaders(message, &native) != NativeErrors.None)
        {
            return null;
        }

        var headers = new RecordHeaders();
        byte* name;
        byte* value;
        nuint length;
        for (nuint index = 0; Librdkafka.HeaderGet(native, index, &name, &value, &length) == NativeErrors.None; index++)
        {
            headers.Add(
                Marshal.PtrToStringUTF8((nint)name) ?? "",
                value is null ? (ReadOnlyMemory<byte>?)null : new ReadOnlySpan<byte>(value, checked((int)length)).ToArray());
        }

        return headers;
    }

    private static void Add(nint headers, RecordHeader header)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(header.Name.Length);
        var room = longest <= LongestNameOnStack ? stackalloc byte[LongestNameOnStack] : new byte[longest];
        var length = Encoding.UTF8.GetBytes(header.Name, room);
        fixed (byte* name = room, value = header.Value.GetValueOrDefault().Span)
        {
            var pointer = header.Value is null ? null : value is not null ? value : SomeAddress;
            NativeClient.Demand(
                Librdkafka.HeaderAdd(headers, name, length, pointer, header.Value?.Length ?? 0),
                $"adding header '{header.Name}'");
        }
    }
}
