using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>The functions of librdkafka that the transport calls: configuration, client and errors.</summary>
/// <remarks>Calls that come back within nanoseconds, take no lock and call nothing back skip the GC transition.</remarks>
internal static unsafe partial class Librdkafka
{
    private const string Library = NativeLibraryLoader.Name;

    [LibraryImport(Library, EntryPoint = "rd_kafka_version")]
    public static partial int Version();

    [LibraryImport(Library, EntryPoint = "rd_kafka_version_str")]
    public static partial byte* VersionText();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint ConfigurationNew();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void ConfigurationDestroy(nint configuration);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConfigurationSet(nint configuration, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_events")]
    public static partial void ConfigurationSetEvents(nint configuration, int events);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_opaque")]
    public static partial void ConfigurationSetOpaque(nint configuration, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
    public static partial void ConfigurationSetLogCallback(
        nint configuration, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, void> callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_error_cb")]
    public static partial void ConfigurationSetErrorCallback(
        nint configuration, delegate* unmanaged[Cdecl]<nint, int, byte*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set_rebalance_cb")]
    public static partial void ConfigurationSetRebalanceCallback(
        nint configuration, delegate* unmanaged[Cdecl]<nint, int, NativeTopicPartitionList*, nint, void> callback);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static partial nint ClientNew(int type, nint configuration, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void ClientDestroy(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_opaque")]
    public static partial nint ClientOpaque(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_fatal_error")]
    public static partial int FatalError(ClientHandle client, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2name")]
    public static partial byte* ErrorName(int error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_err2str")]
    public static partial byte* ErrorText(int error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_last_error")]
    [SuppressGCTransition]
    public static partial int LastError();

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_code")]
    public static partial int ErrorCode(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_string")]
    public static partial byte* ErrorString(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void ErrorDestroy(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint QueueNew(ClientHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint QueueGetMain(ClientHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueGetConsumer(ClientHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void QueueDestroy(nint queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_yield")]
    public static partial void QueueYield(QueueHandle queue);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint QueuePoll(QueueHandle queue, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_queue_cb_event_enable")]
    public static partial void QueueEnableCallback(
        QueueHandle queue, delegate* unmanaged[Cdecl]<nint, nint, void> callback, nint opaque);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_type")]
    [SuppressGCTransition]
    public static partial int EventType(nint nativeEvent);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error")]
    [SuppressGCTransition]
    public static partial int EventError(nint nativeEvent);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_error_string")]
    public static partial byte* EventErrorString(nint nativeEvent);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_opaque")]
    [SuppressGCTransition]
    public static partial nint EventOpaque(nint nativeEvent);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_message_array")]
    public static partial nuint EventMessages(nint nativeEvent, NativeMessage** messages, nuint size);

    [LibraryImport(Library, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void EventDestroy(nint nativeEvent);
}
