using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>The metadata log of a controller that is alone: committed is what its own disk has synced.</summary>
internal sealed class LocalMetadataLog(PartitionLog log, TimeProvider timeProvider) : IMetadataLog
{
    /// <summary>Files that are kept open: the last segments' and their indexes'.</summary>
    public const int OpenFiles = 16;

    /// <summary>The epoch of a controller that no one votes against.</summary>
    private const int ControllerEpoch = 1;

    private readonly RecordBatchBuilder _builder = new();

    public static PartitionDirectory Directory { get; } = new(InternalTopics.ClusterMetadata, 0);

    /// <summary>Kafka's own id of this topic.</summary>
    public static Guid TopicId { get; } = new("00000000-0000-0000-0000-000000000001");

    /// <summary>Nothing is ever deleted: without snapshots the whole log is the metadata.</summary>
    public static LogConfig Config { get; } = new() { RetentionMs = -1, CleanupPolicy = CleanupPolicy.None };

    public void ReadAll(Action<IReadOnlyList<IRecordMessage>, long> replay)
    {
        var records = new List<LogRecord>();
        for (var offset = log.LogStartOffset; offset < log.LogEndOffset;)
        {
            records.Clear();
            offset = ReadChunk(offset, records);
            if (records.Count > 0)
            {
                replay([.. records.Select(record => MetadataRecordFormat.Decode(record.Value ?? default))], records[^1].Offset);
            }
        }
    }

    public ValueTask<long> CommitAsync(IReadOnlyList<IRecordMessage> records)
    {
        var nowMs = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        _builder.Reset();
        foreach (var record in records)
        {
            _builder.Add(nowMs, null, MetadataRecordFormat.Encode(record));
        }

        var appended = log.AppendAsLeader(_builder.Build(), ControllerEpoch, nowMs, AppendOrigin.Coordinator);
        Invariant.That(appended.IsSuccess, "the metadata log takes its own records");
        log.Flush();
        return new(appended.LastOffset);
    }

    public void Close() => log.Close();

    public void Dispose() => log.Dispose();

    private long ReadChunk(long offset, List<LogRecord> records)
    {
        var error = log.Read(offset, LogRecords.ChunkBytes, log.LogEndOffset, minOneBatch: true, out var slice);
        using (slice)
        {
            Invariant.That(error == ErrorCode.None && !slice.IsEmpty, "the metadata log can be read to its end");
            var bytes = new byte[slice.Length];
            slice.Read(bytes);
            return LogRecords.Read(bytes, offset, records);
        }
    }
}
