using SchemaStream.Cli.Errors;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Producing;

/// <summary>What became of the records that were sent: brokers' answers come on other threads.</summary>
internal sealed class DeliveryCount
{
    private long _delivered;
    private long _failed;
    private Exception? _first;

    public long Delivered => Interlocked.Read(ref _delivered);

    public bool HasFailed => Volatile.Read(ref _first) is not null;

    /// <summary>To be called once per record.</summary>
    public void Take(Exception? failure)
    {
        if (failure is null)
        {
            Interlocked.Increment(ref _delivered);
            return;
        }

        Interlocked.Increment(ref _failed);
        Interlocked.CompareExchange(ref _first, failure, null);
    }

    /// <exception cref="CliException">Not all of them are there.</exception>
    public void Require(string topic)
    {
        if (_first is not { } failure)
        {
            return;
        }

        var isRefused = failure is KafkaErrorException { Error: ErrorCode.InvalidRecord or ErrorCode.PolicyViolation };
        var kind = isRefused ? ErrorCatalog.ContractViolated : ErrorCatalog.NotDelivered;
        throw kind.Exception(
            $"{Interlocked.Read(ref _failed)} records were not delivered to '{topic}', {Delivered} were.", failure.Message, inner: failure);
    }
}
