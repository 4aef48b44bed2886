using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeLogDirs v1–4: the one data directory with the sizes of the logs that are asked for, and (v4) of its volume.
// Partitions that are not here are left out.
internal sealed class DescribeLogDirsHandler(ILogDirectoryAccess directory) : ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    protected override async ValueTask<DescribeLogDirsResponse?> HandleAsync(DescribeLogDirsRequest request, RequestContext context)
    {
        var wanted = request.Topics?.SelectMany(topic => topic.Partitions.Select(partition => (topic.Topic, partition))).ToHashSet();
        var described = await directory.DescribeAsync((topic, partition) => wanted?.Contains((topic, partition)) ?? true)
            .ConfigureAwait(false);
        var result = new DescribeLogDirsResponse.DescribeLogDirsResult
        {
            LogDir = described.Path,
            TotalBytes = described.TotalBytes,
            UsableBytes = described.UsableBytes,
        };
        DescribeLogDirsResponse.DescribeLogDirsTopic? topic = null;
        foreach (var log in described.Logs)
        {
            if (topic?.Name != log.Topic)
            {
                result.Topics.Add(topic = new() { Name = log.Topic });
            }

            topic.Partitions.Add(new() { PartitionIndex = log.Partition, PartitionSize = log.SizeInBytes, OffsetLag = log.OffsetLag });
        }

        return new DescribeLogDirsResponse { Results = [result] };
    }
}
