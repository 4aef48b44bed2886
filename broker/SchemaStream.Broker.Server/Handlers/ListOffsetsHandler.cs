using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ListOffsets v1–11. The first offset whose record is not older than the time asked for, or one of the places that
// negative times stand for: -1 latest, -2 earliest, -3 largest timestamp (v7), -4 earliest local (v8), -5 latest tiered
// (v9), -6 earliest pending upload (v11). Errors are per partition; a partition named twice is INVALID_REQUEST.
internal sealed class ListOffsetsHandler(IMetadataAccess metadata, IPartitionAccess partitions)
    : ApiHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    protected override async ValueTask<ListOffsetsResponse?> HandleAsync(ListOffsetsRequest request, RequestContext context)
    {
        var response = new ListOffsetsResponse();
        var seen = new HashSet<(string, int)>();
        foreach (var topic in request.Topics)
        {
            var answered = new ListOffsetsResponse.ListOffsetsTopicResponse { Name = topic.Name };
            response.Topics.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                var result = seen.Add((topic.Name, partition.PartitionIndex))
                    ? await FindAsync(request, topic.Name, partition, context.ApiVersion).ConfigureAwait(false)
                    : ListOffsetsResult.Failed(ErrorCode.InvalidRequest);
                answered.Partitions.Add(new()
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = Known(result.Error, context.ApiVersion),
                    Timestamp = result.TimestampMs,
                    Offset = result.Offset,
                    LeaderEpoch = result.LeaderEpoch,
                });
            }
        }

        return response;
    }

    private ValueTask<ListOffsetsResult> FindAsync(
        ListOffsetsRequest request, string topicName, ListOffsetsRequest.ListOffsetsPartition asked, short version)
    {
        if (asked.Timestamp < LowestTimestamp(version))
        {
            return ValueTask.FromResult(ListOffsetsResult.Failed(ErrorCode.UnsupportedVersion));
        }

        if (!metadata.Image.TryGetTopic(topicName, out var topic))
        {
            return ValueTask.FromResult(ListOffsetsResult.Failed(ErrorCode.UnknownTopicOrPartition));
        }

        return partitions.ListOffsetsAsync(
            new TopicIdPartition(topic.TopicId, asked.PartitionIndex),
            asked.Timestamp,
            (IsolationLevel)request.IsolationLevel,
            asked.CurrentLeaderEpoch,
            request.ReplicaId);
    }

    /// <summary>That a new leader cannot tell an offset yet has a code of its own from v5 on; older clients retry on the other.</summary>
    private static ErrorCode Known(ErrorCode error, short version) =>
        error == ErrorCode.OffsetNotAvailable && version < 5 ? ErrorCode.LeaderNotAvailable : error;

    private static long LowestTimestamp(short version) => version switch
    {
        >= 11 => ListOffsetsTimestamp.EarliestPendingUpload,
        >= 9 => ListOffsetsTimestamp.LatestTiered,
        >= 8 => ListOffsetsTimestamp.EarliestLocal,
        >= 7 => ListOffsetsTimestamp.MaxTimestamp,
        _ => ListOffsetsTimestamp.Earliest,
    };
}
