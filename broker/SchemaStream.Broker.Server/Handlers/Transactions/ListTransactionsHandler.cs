using System.Text.RegularExpressions;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// ListTransactions v0–2. What this broker coordinates and all filters let pass: by state and producer id; v1 by duration;
// v2 by a pattern that has to match the whole id. While a shard is loading the answer is its error, without a list.
internal sealed class ListTransactionsHandler(ITransactionAccess transactions)
    : ApiHandler<ListTransactionsRequest, ListTransactionsResponse>
{
    protected override async ValueTask<ListTransactionsResponse?> HandleAsync(ListTransactionsRequest request, RequestContext context)
    {
        var response = new ListTransactionsResponse();
        Regex? pattern = null;
        if (!string.IsNullOrEmpty(request.TransactionalIdPattern)
            && !SubscriptionRegex.TryCreate(request.TransactionalIdPattern, out pattern, out _))
        {
            response.ErrorCode = ErrorCode.InvalidRegularExpression;
            return response;
        }

        var states = StatesOf(request.StateFilters, response);
        if (request.StateFilters.Count > 0 && states.Count == 0)
        {
            return response;
        }

        var command = new ListTransactionsCommand(states, request.ProducerIdFilters)
        {
            LongerThanMs = request.DurationFilter,
            IncludesId = pattern is null ? null : pattern.IsMatch,
        };
        var replies = await transactions.SubmitToAllAsync(command, context.Cancellation).ConfigureAwait(false);

        // A shard of another broker is that broker's to tell.
        if (replies.FirstOrDefault(reply => reply.ErrorCode is not (ErrorCode.None or ErrorCode.NotCoordinator)) is { } failed)
        {
            return new ListTransactionsResponse { ErrorCode = failed.ErrorCode };
        }

        foreach (var listed in replies.SelectMany(reply => reply.Transactions))
        {
            response.TransactionStates.Add(new()
            {
                TransactionalId = listed.TransactionalId,
                ProducerId = listed.ProducerId,
                TransactionState = listed.State.ToString(),
            });
        }

        return response;
    }

    private static List<TransactionState> StatesOf(IEnumerable<string> names, ListTransactionsResponse response)
    {
        var states = new List<TransactionState>();
        foreach (var name in names)
        {
            // Numbers are no names, though they would be parsed.
            if (Enum.TryParse<TransactionState>(name, ignoreCase: false, out var state)
                && string.Equals(state.ToString(), name, StringComparison.Ordinal))
            {
                states.Add(state);
            }
            else
            {
                response.UnknownStateFilters.Add(name);
            }
        }

        return states;
    }
}
