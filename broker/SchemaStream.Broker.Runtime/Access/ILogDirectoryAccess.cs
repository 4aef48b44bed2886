namespace SchemaStream.Broker.Runtime.Access;

/// <summary>A partition's log on this broker.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">Its index.</param>
/// <param name="SizeInBytes">Of its segments.</param>
/// <param name="OffsetLag">How far its end is behind the high watermark: more than 0 only on a follower.</param>
public readonly record struct LogDescription(string Topic, int Partition, long SizeInBytes, long OffsetLag);

/// <summary>What lies in the data directory.</summary>
/// <param name="Path">Of the directory.</param>
/// <param name="TotalBytes">Of the volume; -1 where that is not known.</param>
/// <param name="UsableBytes">Of the volume; -1 where that is not known.</param>
/// <param name="Logs">By topic and partition. Logs that could not be opened are not among them.</param>
public sealed record LogDirectoryDescription(string Path, long TotalBytes, long UsableBytes, IReadOnlyList<LogDescription> Logs);

/// <summary>The data directory, as administrators ask for it.</summary>
public interface ILogDirectoryAccess
{
    /// <param name="isWanted">Which partitions are asked for, by topic and index.</param>
    ValueTask<LogDirectoryDescription> DescribeAsync(Func<string, int, bool> isWanted);
}
