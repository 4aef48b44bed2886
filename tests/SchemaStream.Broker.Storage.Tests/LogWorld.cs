using System.Text;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>A log on a disk in memory, and what tests do with it.</summary>
internal sealed class LogWorld
{
    public const long Now = 1_700_000_000_000;

    /// <summary>Segments and indexes so small that a test of a few records meets all their borders.</summary>
    public static readonly LogConfig Small = new() { SegmentBytes = 1000, IndexIntervalBytes = 150 };

    public LogWorld(LogConfig? config = null, int cacheCapacity = 100)
    {
        Config = config ?? Small;
        Cache = new LogFileCache(cacheCapacity);
        Directory = Disk.Directory("data").Directory("orders-0");
        Log = Open(new LogOpenOptions());
    }

    public MemoryDisk Disk { get; } = new() { NowMs = Now };

    public ILogDirectory Directory { get; private set; }

    public LogConfig Config { get; set; }

    public LogFileCache Cache { get; private set; }

    public PartitionLog Log { get; private set; }

    public static byte[] Batch(int records = 1, long timestamp = Now, int valueBytes = 20, long producerId = -1, short epoch = -1, int sequence = -1, bool transactional = false)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = epoch,
            BaseSequence = sequence,
            IsTransactional = transactional,
        };
        for (var i = 0; i < records; i++)
        {
            builder.Add(timestamp, Encoding.UTF8.GetBytes("k"), new byte[valueBytes]);
        }

        return builder.Build();
    }

    public static byte[] Marker(long producerId, short epoch, long timestamp = Now) => new RecordBatchBuilder
    {
        ProducerId = producerId,
        ProducerEpoch = epoch,
        IsTransactional = true,
        IsControlBatch = true,
    }.Add(timestamp, new byte[] { 0, 0, 0, 1 }, new byte[] { 0, 0, 0, 0, 0, 0 }).Build();

    public PartitionLog Open(LogOpenOptions options) => PartitionLog.Open(Directory, Config, Cache, options, Now);

    /// <summary>Appends so many batches of one record each; returns the last result.</summary>
    public AppendResult Append(int batches = 1, int epoch = 0, long timestamp = Now, int valueBytes = 20)
    {
        AppendResult result = default;
        for (var i = 0; i < batches; i++)
        {
            result = Log.AppendAsLeader(Batch(1, timestamp, valueBytes), epoch, Now);
            result.Error.ShouldBe(ErrorCode.None);
        }

        return result;
    }

    public AppendResult Produce(long producerId, short epoch, int sequence, int records = 1, bool transactional = false) =>
        Log.AppendAsLeader(Batch(records, Now, 20, producerId, epoch, sequence, transactional), 0, Now);

    /// <summary>Every record below the bound as offsets, read slice by slice.</summary>
    public List<long> ReadOffsets(long from = -1, long upperBound = long.MaxValue, int maxBytes = 300) =>
        ReadOffsets(Log, from, upperBound, maxBytes);

    public static List<long> ReadOffsets(PartitionLog log, long from = -1, long upperBound = long.MaxValue, int maxBytes = 300)
    {
        var offsets = new List<long>();
        var next = from < 0 ? log.LogStartOffset : from;
        while (ReadBytes(log, next, upperBound, maxBytes) is { Length: > 0 } bytes)
        {
            foreach (var batch in RecordBatches.Split(bytes))
            {
                RecordBatches.Validate(batch.Memory.Span, out _).ShouldBe(RecordBatchFault.None);
                foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
                {
                    offsets.Add(record.Offset);
                }

                next = batch.Header.NextOffset;
            }
        }

        return offsets;
    }

    public static byte[] ReadBytes(PartitionLog log, long from, long upperBound, int maxBytes)
    {
        log.Read(from, maxBytes, upperBound, minOneBatch: true, out var slice).ShouldBe(ErrorCode.None);
        using (slice)
        {
            var bytes = new byte[slice.Length];
            slice.Read(bytes).ShouldBe(bytes.Length);
            return bytes;
        }
    }

    /// <summary>Stops properly and starts again.</summary>
    public PartitionLog Restart()
    {
        var recoveryPoint = Log.LogEndOffset;
        var start = Log.LogStartOffset;
        Log.Close();
        Cache = new LogFileCache(Cache.Capacity);
        return Log = Open(new LogOpenOptions { RecoveryPoint = recoveryPoint, LogStartOffset = start });
    }

    /// <summary>The process is killed: what was written is there, nothing was closed.</summary>
    public PartitionLog Crash(long recoveryPoint = 0)
    {
        Log.Dispose();
        Cache = new LogFileCache(Cache.Capacity);
        return Log = Open(new LogOpenOptions { Unclean = true, RecoveryPoint = recoveryPoint, LogStartOffset = Log.LogStartOffset });
    }

    public PartitionLog LosePower(Random random, long recoveryPoint)
    {
        Log.Dispose();
        Disk.LosePower(random);
        Cache = new LogFileCache(Cache.Capacity);
        return Log = Open(new LogOpenOptions { Unclean = true, RecoveryPoint = recoveryPoint, LogStartOffset = Log.LogStartOffset });
    }

    public byte[] FileBytes(string name) => Directory.ReadAllBytes(name).ShouldNotBeNull();

    public string[] Files(string suffix) =>
        [.. Directory.ListFiles().Where(name => name.EndsWith(suffix, StringComparison.Ordinal))];
}
