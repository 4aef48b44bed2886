using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Producing, and the headers that both sides use.</summary>
internal static unsafe partial class Librdkafka
{
    /// <summary><c>RD_KAFKA_MSG_F_COPY</c>: librdkafka copies the payload, so that ours is free at once.</summary>
    public const int FlagCopy = 0x2;

    /// <summary><c>RD_KAFKA_MSG_F_PARTITION</c>: each message of a batch says its own partition.</summary>
    public const int FlagPartition = 0x8;

    /// <summary><c>RD_KAFKA_PARTITION_UA</c>: the partitioner chooses.</summary>
    public const int UnassignedPartition = -1;

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TopicNew(ClientHandle client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void TopicDestroy(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produce")]
    public static partial int Produce(
        TopicHandle topic, int partition, int flags, void* payload, nuint length, void* key, nuint keyLength, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produce_batch")]
    public static partial int ProduceBatch(
        TopicHandle topic, int partition, int flags, NativeMessage* messages, int count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_name")]
    public static partial byte* TopicName(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    public static partial nint ProduceArguments(nint client, NativeArgument* arguments, nuint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_status")]
    [SuppressGCTransition]
    public static partial int MessageStatus(NativeMessage* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_headers_new")]
    public static partial nint HeadersNew(nuint capacity);

    [LibraryImport(Library, EntryPoint = "rd_kafka_headers_destroy")]
    public static partial void HeadersDestroy(nint headers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_header_add")]
    public static partial int HeaderAdd(nint headers, byte* name, nint nameLength, void* value, nint valueLength);

    [LibraryImport(Library, EntryPoint = "rd_kafka_header_get_all")]
    public static partial int HeaderGet(nint headers, nuint index, byte** name, byte** value, nuint* valueLength);
}
