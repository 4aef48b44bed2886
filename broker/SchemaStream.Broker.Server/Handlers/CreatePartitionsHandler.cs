using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// CreatePartitions v0–3. Raises a topic's number of partitions. Errors are per topic, with words. The broker's own topics
// keep theirs: what lies in which partition follows from their number.
internal sealed class CreatePartitionsHandler(IMetadataAccess metadata)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    /// <summary>From it on clients know THROTTLING_QUOTA_EXCEEDED.</summary>
    private const short FirstStrictVersion = 3;

    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context)
    {
        var response = new CreatePartitionsResponse();
        foreach (var own in request.Topics.Where(topic => InternalTopics.Contains(topic.Name)))
        {
            response.Results.Add(new()
            {
                Name = own.Name,
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = $"{own.Name} holds the broker's own state, and its number of partitions says where",
            });
        }

        request.Topics.RemoveAll(topic => InternalTopics.Contains(topic.Name));
        response.Results.AddRange(Mutations.TakeOut(
            request.Topics,
            context,
            FirstStrictVersion,
            topic => request.ValidateOnly || !metadata.Image.TryGetTopic(topic.Name, out var grown) ? 0 : topic.Count - grown.Partitions.Length,
            topic => new CreatePartitionsResponse.CreatePartitionsTopicResult
            {
                Name = topic.Name,
                ErrorCode = ErrorCode.ThrottlingQuotaExceeded,
                ErrorMessage = Mutations.Message,
            }));
        var growths = request.Topics.ConvertAll(topic => new PartitionGrowth(
            topic.Name, topic.Count, topic.Assignments?.ConvertAll<IReadOnlyList<int>>(assigned => assigned.BrokerIds)));
        var command = new CreatePartitionsCommand(growths, request.ValidateOnly);
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        foreach (var topic in reply.Topics)
        {
            response.Results.Add(new() { Name = topic.Topic, ErrorCode = topic.ErrorCode, ErrorMessage = topic.ErrorMessage });
        }

        return response;
    }
}
