using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// InitProducerId v0–5. Without a transactional id: a new producer id each time, which is also the answer to a producer
// that has one and asks for another epoch, as in Kafka. With a transactional id: the id's coordinator hands over its
// producer id with the next epoch. v4 knows PRODUCER_FENCED.
internal sealed class InitProducerIdHandler(IProducerIdAccess producerIds, ITransactionAccess transactions)
    : ApiHandler<InitProducerIdRequest, InitProducerIdResponse>
{
    protected override async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context)
    {
        var isHalfKnown = request.ProducerId < 0 != request.ProducerEpoch < 0;
        if (request.TransactionalId is { Length: 0 } || isHalfKnown)
        {
            // Kafka: an empty id could never be found again.
            return Failed(ErrorCode.InvalidRequest);
        }

        if (request.TransactionalId is { } transactionalId)
        {
            var command = new InitProducerIdCommand(transactionalId, TimeSpan.FromMilliseconds(request.TransactionTimeoutMs))
            {
                ProducerId = request.ProducerId,
                ProducerEpoch = request.ProducerEpoch,
            };
            var reply = await transactions.SubmitAsync(transactionalId, command, context.Cancellation).ConfigureAwait(false);
            return reply.ErrorCode == ErrorCode.None
                ? new InitProducerIdResponse { ProducerId = reply.ProducerId, ProducerEpoch = reply.ProducerEpoch }
                : Failed(FencingErrors.For(reply.ErrorCode, context.ApiVersion, knownFrom: 4));
        }

        var result = await producerIds.AllocateAsync(context.Cancellation).ConfigureAwait(false);
        return result.Error == ErrorCode.None
            ? new InitProducerIdResponse { ProducerId = result.ProducerId, ProducerEpoch = result.ProducerEpoch }
            : Failed(result.Error);
    }

    private static InitProducerIdResponse Failed(ErrorCode error) => new() { ErrorCode = error, ProducerId = -1, ProducerEpoch = -1 };
}
