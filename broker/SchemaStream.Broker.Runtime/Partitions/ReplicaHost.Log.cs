using Microsoft.Extensions.Logging;

namespace SchemaStream.Broker.Runtime.Partitions;

internal sealed partial class ReplicaHost
{
    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Opened {Count} logs (stopped cleanly before: {Clean})")]
    private partial void LogsOpened(int count, bool clean);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "Directory {Directory} belongs to no topic: set aside as {Aside}")]
    private partial void StraySetAside(string directory, string aside);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Warning, Message = "Files of the deleted partition {Partition} are still there")]
    private partial void FilesNotDeleted(string partition, Exception cause);

    [LoggerMessage(EventId = 1205, Level = LogLevel.Error, Message = "Directory {Directory} does not say which topic it is of")]
    private partial void DirectoryUnreadable(string directory, Exception cause);

    [LoggerMessage(EventId = 1206, Level = LogLevel.Error, Message = "The checkpoints still know of {Count} partitions that are gone")]
    private partial void CheckpointsNotWritten(int count, Exception cause);
}
