using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Transactions;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Transactions;

/// <summary>Notes what is asked of it, and does it when the test says.</summary>
internal sealed class TransactionRoad : ITransactionTransport
{
    public List<string> Steps { get; } = [];

    public TransactionFailures Failures { get; } = new();

    public TaskCompletionSource? WhenHandedOver { get; set; }

    public TaskCompletionSource? WhenCommitted { get; set; }

    public TaskCompletionSource? WhenAborted { get; set; }

    /// <summary>What happens to a commit; null for nothing.</summary>
    public Action? Committing { get; set; }

    public bool IsSpent => false;

    public bool HasFailed { get; set; }

    public IProducerTransport OpenTopic(string topic) => throw new NotSupportedException();

    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task BeginAsync(CancellationToken cancellationToken) => Note("begin");

    public Task SendOffsetsAsync(
        string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group, CancellationToken cancellationToken) =>
        Note("offsets");

    public Task HandOverAsync(CancellationToken cancellationToken) =>
        WhenHandedOver?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        Steps.Add("commit");
        Committing?.Invoke();
        return WhenCommitted?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public Task AbortAsync(CancellationToken cancellationToken)
    {
        Steps.Add("abort");
        return WhenAborted?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A producer that takes this road.</summary>
    public TransactionalProducer Producer(TimeSpan longestAbort) => new(
        "id",
        this,
        Failures,
        new SchemaStreamClient(new SchemaStreamOptions { BootstrapServers = "127.0.0.1:1", RegistryUrl = new Uri("http://127.0.0.1:1") }),
        longestAbort,
        NullLogger.Instance);

    private Task Note(string step)
    {
        Steps.Add(step);
        return Task.CompletedTask;
    }
}
