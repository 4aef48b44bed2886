using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// EndTxn v0–5. Answered once the decision is committed; its markers follow. v2 knows PRODUCER_FENCED. v5 (KIP-890) ends
// every transaction with a new epoch, or a new producer id where the epochs are used up, and returns it.
internal sealed class EndTxnHandler(ITransactionAccess transactions) : ApiHandler<EndTxnRequest, EndTxnResponse>
{
    private const short FirstBumpingVersion = 5;

    protected override async ValueTask<EndTxnResponse?> HandleAsync(EndTxnRequest request, RequestContext context)
    {
        if (request.TransactionalId.Length == 0)
        {
            return new EndTxnResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        var command = new EndTransactionCommand(
            request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed)
        {
            BumpsEpoch = context.ApiVersion >= FirstBumpingVersion,
        };
        var reply = await transactions.SubmitAsync(request.TransactionalId, command, context.Cancellation).ConfigureAwait(false);
        return new EndTxnResponse
        {
            ErrorCode = FencingErrors.For(reply.ErrorCode, context.ApiVersion, knownFrom: 2),
            ProducerId = reply.ProducerId,
            ProducerEpoch = reply.ProducerEpoch,
        };
    }
}
