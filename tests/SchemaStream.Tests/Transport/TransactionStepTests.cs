using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Transactions;
using SchemaStream.Transport;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Transport;

/// <summary>The steps of a transaction over a road on which each answer takes its time.</summary>
public sealed partial class TransactionStepTests : IDisposable
{
    private const short AddOffsetsToTxn = 25;
    private const short EndTxn = 26;
    private const short TxnOffsetCommit = 28;

    private readonly MockCluster _cluster = new("notes");
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Offsets_AreAdded_HoweverLongTheBrokersTakeToAnswer()
    {
        await using var producer = await BeginAsync();
        using var member = new GroupMetadataHandle(NewMetadata("readers"));
        _cluster.Track();

        _cluster.Delay(700); // three answers one after the other: of the transaction's coordinator, who the group's is, and of that
        await producer.SendOffsetsAsync("notes", [(0, 7)], member, _limit.Token);
        _cluster.Delay(0);
        await producer.CommitAsync(_limit.Token);

        _cluster.CountRequests(TxnOffsetCommit).ShouldBe(1);
        _cluster.CountRequests(EndTxn).ShouldBe(1);
    }

    [Fact]
    public async Task AddingOffsets_ThatIsStopped_IsFollowedByTheAbort()
    {
        await using var producer = await BeginAsync();
        using var member = new GroupMetadataHandle(NewMetadata("readers"));
        using var stop = new CancellationTokenSource();
        _cluster.Track();
        _cluster.Delay(2000);
        var adding = producer.SendOffsetsAsync("notes", [(0, 7)], member, stop.Token);
        using (var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (_cluster.CountRequests(AddOffsetsToTxn) == 0)
            {
                await look.WaitForNextTickAsync(_limit.Token);
            }
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => adding);
        _cluster.Delay(0);

        await producer.AbortAsync(_limit.Token);
        _cluster.CountRequests(EndTxn).ShouldBe(1);
        await producer.BeginAsync(_limit.Token);
    }

    public void Dispose()
    {
        _limit.Dispose();
        _cluster.Dispose();
    }

    private async Task<ITransactionTransport> BeginAsync()
    {
        var options = new SchemaStreamOptions { BootstrapServers = _cluster.BootstrapServers, RegistryUrl = new Uri("http://127.0.0.1:1") };
        var producer = new NativeTransport().CreateTransactions(
            "id", TransportSettings.ForTransactions(options, "id", new TransactionOptions()), new TransactionFailures(), NullLogger.Instance);
        await producer.InitializeAsync(_limit.Token);
        await producer.BeginAsync(_limit.Token);
        return producer;
    }

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_consumer_group_metadata_new", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NewMetadata(string group);
}
