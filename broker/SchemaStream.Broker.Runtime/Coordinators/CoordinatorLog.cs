using Microsoft.Extensions.Logging;

namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>What all hosts of shards log.</summary>
internal static partial class CoordinatorLog
{
    [LoggerMessage(EventId = 1302, Level = LogLevel.Error, Message = "{Shard} could not be loaded and are not available")]
    public static partial void LoadingFailed(this ILogger logger, string shard, Exception cause);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "Skipped record {Offset} of {Partition}: {Why}")]
    public static partial void RecordSkipped(this ILogger logger, string partition, long offset, string why);
}
