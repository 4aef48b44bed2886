using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions.Commands;

/// <summary>DescribeTransactions, for one id.</summary>
public sealed record DescribeTransactionCommand(string TransactionalId) : TransactionCommand<DescribeTransactionReply>
{
    /// <inheritdoc/>
    public override DescribeTransactionReply Refused(ErrorCode error) => new(error, TransactionalId);
}

/// <summary>Answers <see cref="DescribeTransactionCommand"/>.</summary>
public sealed record DescribeTransactionReply(ErrorCode ErrorCode, string TransactionalId) : TransactionReply
{
    public TransactionState State { get; init; } = TransactionState.Empty;

    public int TransactionTimeoutMs { get; init; }

    /// <summary>-1 while no transaction was begun.</summary>
    public long TransactionStartTimeMs { get; init; } = -1;

    public long ProducerId { get; init; } = -1;

    public short ProducerEpoch { get; init; } = -1;

    public IReadOnlyList<TopicPartitionName> Partitions { get; init; } = [];
}

/// <summary>ListTransactions: those of one shard that pass every filter. Empty filters let everything pass.</summary>
public sealed record ListTransactionsCommand(
    IReadOnlyList<TransactionState> States, IReadOnlyList<long> ProducerIds) : TransactionCommand<ListTransactionsReply>
{
    /// <summary>Only transactions that run for longer; negative: any.</summary>
    public long LongerThanMs { get; init; } = -1;

    /// <summary>Whether the id is asked for; null: every id is.</summary>
    public Func<string, bool>? IncludesId { get; init; }

    /// <inheritdoc/>
    public override ListTransactionsReply Refused(ErrorCode error) => new(error, []);
}

/// <summary>A line of a list of transactions.</summary>
public readonly record struct ListedTransaction(string TransactionalId, long ProducerId, TransactionState State);

/// <summary>Answers <see cref="ListTransactionsCommand"/>.</summary>
public sealed record ListTransactionsReply(
    ErrorCode ErrorCode, IReadOnlyList<ListedTransaction> Transactions) : TransactionReply;
