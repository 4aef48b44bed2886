using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Transactions;

/// <summary>What tests ask transaction coordinators, in few words.</summary>
internal static class TransactionCommands
{
    /// <summary>As a producer does it: again while the coordinator says that it will be able to later.</summary>
    public static async Task<InitProducerIdReply> InitAsync(this ITransactionAccess access, string id, int timeoutMs = 60_000)
    {
        var reply = new InitProducerIdReply(ErrorCode.ConcurrentTransactions, -1, -1);
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            reply = await access.SubmitAsync(id, new InitProducerIdCommand(id, TimeSpan.FromMilliseconds(timeoutMs)), default);
            return reply.ErrorCode is not (ErrorCode.ConcurrentTransactions or ErrorCode.CoordinatorLoadInProgress);
        });
        return reply;
    }

    public static async Task<ErrorCode> AddAsync(
        this ITransactionAccess access, string id, InitProducerIdReply producer, params (string Topic, int Partition)[] partitions)
    {
        var names = partitions.Select(partition => new TopicPartitionName(partition.Topic, partition.Partition)).ToArray();
        var reply = await access.SubmitAsync(
            id,
            new AddPartitionsCommand(id, producer.ProducerId, producer.ProducerEpoch, names, PartitionRegistrationMode.Add),
            default);
        return reply.Errors[0];
    }

    public static async Task<EndTransactionReply> EndAsync(
        this ITransactionAccess access, string id, InitProducerIdReply producer, bool commit) =>
        await access.SubmitAsync(id, new EndTransactionCommand(id, producer.ProducerId, producer.ProducerEpoch, commit), default);

    public static async Task<TransactionState> StateAsync(this ITransactionAccess access, string id)
    {
        var reply = await access.SubmitAsync(id, new DescribeTransactionCommand(id), default);
        return reply.ErrorCode == ErrorCode.None ? reply.State : (TransactionState)(-1);
    }

    public static Task UntilAsync(this ITransactionAccess access, string id, TransactionState state) =>
        RuntimeUnderTest.UntilAsync(async () => await access.StateAsync(id) == state);
}
