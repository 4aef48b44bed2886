using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeCluster v0–2. Brokers as clients of this listener reach them; v2 shows fenced ones if asked.
// Without access rules a client that asks is told that it may do everything. Controllers' own endpoints (v1, type 2) are not to be had from a broker: MISMATCHED_ENDPOINT_TYPE.
internal sealed class DescribeClusterHandler(IMetadataAccess metadata) : ApiHandler<DescribeClusterRequest, DescribeClusterResponse>
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    protected override ValueTask<DescribeClusterResponse?> HandleAsync(DescribeClusterRequest request, RequestContext context) =>
        ValueTask.FromResult<DescribeClusterResponse?>(request.EndpointType switch
        {
            Brokers => Describe(request, context.ListenerName),
            Controllers => new DescribeClusterResponse
            {
                ErrorCode = ErrorCode.MismatchedEndpointType,
                ErrorMessage = "EndpointType: this is a broker's endpoint, it does not tell those of controllers",
                EndpointType = request.EndpointType,
            },
            _ => new DescribeClusterResponse
            {
                ErrorCode = ErrorCode.UnsupportedEndpointType,
                ErrorMessage = $"EndpointType: expected 1 or 2, found {request.EndpointType}",
                EndpointType = request.EndpointType,
            },
        });

    private DescribeClusterResponse Describe(DescribeClusterRequest request, string listenerName)
    {
        var image = metadata.Image;
        var response = new DescribeClusterResponse
        {
            ClusterId = image.ClusterId,
            ControllerId = ClusterView.ControllerId(metadata, image),
            ClusterAuthorizedOperations =
                request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.OfCluster : AuthorizedOperations.NotAsked,
        };
        foreach (var (brokerId, broker) in image.Brokers)
        {
            if (broker.Endpoint(listenerName) is { } endpoint && (!broker.Fenced || request.IncludeFencedBrokers))
            {
                response.Brokers.Add(new()
                {
                    BrokerId = brokerId,
                    Host = endpoint.Host,
                    Port = endpoint.Port,
                    Rack = broker.Rack,
                    IsFenced = broker.Fenced,
                });
            }
        }

        return response;
    }
}
