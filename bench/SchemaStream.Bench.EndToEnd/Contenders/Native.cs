using System.Reflection;
using System.Runtime.InteropServices;

namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>librdkafka's functions, as a loop without any library in between would call them.</summary>
internal static unsafe partial class Native
{
    public const int FlagCopy = 2;
    public const int QueueFull = -184;
    private const string Library = "librdkafka";

    /// <summary>The builds that the package brings, of which Confluent.Kafka takes the first that can be loaded.</summary>
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Load);

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public void* Payload;
        public nuint Length;
        public void* Key;
        public nuint KeyLength;
        public long Offset;
        public nint Opaque;
    }

    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct Argument
    {
        [FieldOffset(0)]
        public int Kind;

        [FieldOffset(8)]
        public void* Pointer;

        [FieldOffset(8)]
        public int Int32;

        [FieldOffset(16)]
        public nint Second;

        [FieldOffset(24)]
        public nint Third;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint ConfigurationNew();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConfigurationSet(nint configuration, string name, string value, nint error, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_events")]
    public static partial void ConfigurationSetEvents(nint configuration, int events);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint New(int type, nint configuration, nint error, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void Destroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TopicNew(nint client, string topic, nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void TopicDestroy(nint topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produce_batch")]
    public static partial int ProduceBatch(nint topic, int partition, int flags, Message* messages, int count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_produceva")]
    public static partial nint ProduceArguments(nint client, Argument* arguments, nuint count);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void ErrorDestroy(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint QueueGetMain(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void QueueDestroy(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint QueuePoll(nint queue, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_message_array")]
    public static partial nuint EventMessages(nint nativeEvent, Message** messages, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void EventDestroy(nint nativeEvent);

    [StructLayout(LayoutKind.Sequential)]
    public struct Place
    {
        public nint Topic;
        public int Partition;
        public long Offset;
    }

    [LibraryImport(Library, EntryPoint = "rd_kafka_poll_set_consumer")]
    public static partial int PollSetConsumer(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueGetConsumer(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_partition_list_new")]
    public static partial nint PlacesNew(int size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    public static partial Place* PlacesAdd(nint places, string topic, int partition);

    [LibraryImport(Library, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    public static partial void PlacesDestroy(nint places);

    [LibraryImport(Library, EntryPoint = "rd_kafka_assign")]
    public static partial int Assign(nint client, nint places);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consume_batch_queue")]
    public static partial nint ConsumeBatch(nint queue, int timeoutMs, Message** messages, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_message_destroy")]
    public static partial void MessageDestroy(Message* message);

    [LibraryImport(Library, EntryPoint = "rd_kafka_consumer_close")]
    public static partial int ConsumerClose(nint client);

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? search)
    {
        foreach (var build in name == Library ? Builds : [])
        {
            if (NativeLibrary.TryLoad(build, assembly, search, out var library))
            {
                return library;
            }
        }

        return 0;
    }
}
