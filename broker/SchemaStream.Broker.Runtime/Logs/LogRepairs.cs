using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Logs;

/// <summary>A log that was cut or mended as it was opened says so, whoever opened it.</summary>
internal static partial class LogRepairs
{
    public static void Tell(ILogger logger, string name, PartitionLog log)
    {
        if (log.Recovery is { HasFindings: true } report)
        {
            LogRepaired(
                logger, name, report.TruncatedAtOffset ?? log.LogEndOffset, report.TruncatedBytes, report.Fault,
                report.SegmentsDeleted, string.Join(" ", report.Notes));
        }
    }

    [LoggerMessage(
        EventId = 1202,
        Level = LogLevel.Warning,
        Message = "Log {Partition} was repaired: ends at {EndOffset}, {Bytes} bytes cut off ({Fault}), {Segments} segments deleted. {Notes}")]
    private static partial void LogRepaired(
        ILogger logger, string partition, long endOffset, long bytes, RecordBatchFault fault, int segments, string notes);
}
