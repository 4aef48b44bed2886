using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// CreatePartitions v0–3. Raises a topic's number of partitions. Errors are per topic, with words.
internal sealed class CreatePartitionsHandler(IMetadataAccess metadata)
    : ApiHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    protected override async ValueTask<CreatePartitionsResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context)
    {
        var growths = request.Topics.ConvertAll(topic => new PartitionGrowth(
            topic.Name, topic.Count, topic.Assignments?.ConvertAll<IReadOnlyList<int>>(assigned => assigned.BrokerIds)));
        var command = new CreatePartitionsCommand(growths, request.ValidateOnly);
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        var response = new CreatePartitionsResponse();
        foreach (var topic in reply.Topics)
        {
            response.Results.Add(new() { Name = topic.Topic, ErrorCode = topic.ErrorCode, ErrorMessage = topic.ErrorMessage });
        }

        return response;
    }
}
