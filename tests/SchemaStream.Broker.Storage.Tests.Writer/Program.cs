using System.Buffers.Binary;
using System.Globalization;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests.Writer;

/// <summary>
/// Appends to the log in the directory given and says each last offset once the append was acknowledged, until it is
/// killed. Every value says the offset it is written at, so that a reader can tell whether the log is whole.
/// </summary>
internal static class Program
{
    /// <summary>Bounds what a writer that is never killed leaves on the disk.</summary>
    private const int MaxBatches = 150;

    private static int Main(string[] args)
    {
        var random = new Random(int.Parse(args[1], CultureInfo.InvariantCulture));
        using var log = PartitionLog.Open(
            new FileLogDirectory(args[0]),
            new LogConfig { SegmentBytes = 2 * 1024 * 1024 },
            new LogFileCache(10),
            new LogOpenOptions { Unclean = true },
            nowMs: 0);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        for (var i = 0; i < MaxBatches; i++)
        {
            // Large batches: a write of many pages can be interrupted between two of them.
            var batch = Build(log.LogEndOffset, random.Next(1, 300));
            var result = log.AppendAsLeader(batch, leaderEpoch: 0, nowMs: 0);
            if (!result.IsSuccess)
            {
                Console.Error.WriteLine($"{result.Error} {result.Fault}");
                return 1;
            }

            output.WriteLine(result.LastOffset.ToString(CultureInfo.InvariantCulture));
        }

        // All that may be written is written; the kill finds an idle process.
        Console.In.ReadToEnd();
        return 0;
    }

    private static byte[] Build(long baseOffset, int records)
    {
        var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            var value = new byte[700];
            BinaryPrimitives.WriteInt64BigEndian(value, baseOffset + i);
            builder.Add(timestamp: 0, null, value);
        }

        return builder.Build();
    }
}
