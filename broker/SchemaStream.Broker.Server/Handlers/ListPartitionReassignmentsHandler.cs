using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ListPartitionReassignments v0: the partitions that are being moved, of all topics or of those asked for. What is unknown or
// stays where it is, is not told of.
internal sealed class ListPartitionReassignmentsHandler(IMetadataAccess metadata)
    : ApiHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    protected override ValueTask<ListPartitionReassignmentsResponse?> HandleAsync(
        ListPartitionReassignmentsRequest request, RequestContext context)
    {
        var image = metadata.Image;
        var response = new ListPartitionReassignmentsResponse();
        if (request.Topics is null)
        {
            foreach (var topic in image.TopicsByName.Values)
            {
                Add(response, topic, Enumerable.Range(0, topic.Partitions.Length));
            }
        }
        else
        {
            foreach (var asked in request.Topics)
            {
                if (image.TryGetTopic(asked.Name, out var topic))
                {
                    Add(response, topic, asked.PartitionIndexes.Distinct());
                }
            }
        }

        return ValueTask.FromResult<ListPartitionReassignmentsResponse?>(response);
    }

    private static void Add(ListPartitionReassignmentsResponse response, TopicImage topic, IEnumerable<int> indexes)
    {
        ListPartitionReassignmentsResponse.OngoingTopicReassignment? moving = null;
        foreach (var index in indexes)
        {
            if (topic.Partition(index) is { IsReassigning: true } partition)
            {
                moving ??= new() { Name = topic.Name };
                moving.Partitions.Add(new()
                {
                    PartitionIndex = index,
                    Replicas = [.. partition.Replicas],
                    AddingReplicas = [.. partition.AddingReplicas],
                    RemovingReplicas = [.. partition.RemovingReplicas],
                });
            }
        }

        if (moving is not null)
        {
            response.Topics.Add(moving);
        }
    }
}
