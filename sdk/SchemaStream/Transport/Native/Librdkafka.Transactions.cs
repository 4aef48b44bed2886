using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Transactions, and what a migration asks about a topic.</summary>
internal static unsafe partial class Librdkafka
{
    [LibraryImport(Library, EntryPoint = "rd_kafka_init_transactions")]
    public static partial nint TransactionsInit(ClientHandle client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_begin_transaction")]
    public static partial nint TransactionBegin(ClientHandle client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_send_offsets_to_transaction")]
    public static partial nint TransactionSendOffsets(
        ClientHandle client, NativeTopicPartitionList* offsets, SafeHandle groupMetadata, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_commit_transaction")]
    public static partial nint TransactionCommit(ClientHandle client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_abort_transaction")]
    public static partial nint TransactionAbort(ClientHandle client, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_is_fatal")]
    [SuppressGCTransition]
    public static partial int ErrorIsFatal(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_is_retriable")]
    [SuppressGCTransition]
    public static partial int ErrorIsRetriable(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_error_txn_requires_abort")]
    [SuppressGCTransition]
    public static partial int ErrorRequiresAbort(nint error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_query_watermark_offsets", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int QueryWatermarks(
        ClientHandle client, string topic, int partition, long* low, long* high, int timeoutMs);
}
