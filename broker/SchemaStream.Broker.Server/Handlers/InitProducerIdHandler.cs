using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// InitProducerId v0–5. Without a transactional id: a new producer id each time, which is also the answer to a producer
// that has one and asks for another epoch, as in Kafka. With a transactional id: COORDINATOR_NOT_AVAILABLE,
// as no broker here coordinates transactions.
internal sealed class InitProducerIdHandler(IProducerIdAccess producerIds)
    : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        if (request.TransactionalId is { } transactionalId)
        {
            // Kafka: an empty id could never be found again.
            return Failed(transactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.CoordinatorNotAvailable);
        }

        var isHalfKnown = request.ProducerId < 0 != request.ProducerEpoch < 0;
        if (isHalfKnown)
        {
            return Failed(ErrorCode.InvalidRequest);
        }

        var result = await producerIds.AllocateAsync(context.Cancellation).ConfigureAwait(false);
        return result.Error == ErrorCode.None
            ? new InitProducerIdResponse { ProducerId = result.ProducerId, ProducerEpoch = result.ProducerEpoch }
            : Failed(result.Error);
    }

    private static InitProducerIdResponse Failed(ErrorCode error) => new() { ErrorCode = error, ProducerId = -1, ProducerEpoch = -1 };
}
