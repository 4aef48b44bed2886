using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Clients;

/// <summary>A connection that the pool reads.</summary>
public sealed class PooledResponseTests() : PooledResponseCases(hasThread: false);

/// <summary>A connection that its own thread reads, and goes on in who waited.</summary>
public sealed class PooledResponseByThreadTests() : PooledResponseCases(hasThread: true);

public abstract class PooledResponseCases(bool hasThread) : IAsyncLifetime
{
    private const short Version = 17;

    private readonly ScriptedBroker _broker = new();
    private readonly FetchRequest _request = new();
    private readonly FetchResponse _response = new();
    private KafkaConnection _connection = null!;

    public async Task InitializeAsync() => _connection = await _broker.ConnectAsync(new KafkaConnectionOptions { HasThread = hasThread });

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Send_AgainAndAgain_ReadsIntoTheSameObject()
    {
        for (byte round = 1; round < 20; round++)
        {
            using var loan = await FetchAsync(round);

            _response.Responses.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem()
                .Records!.Value.ToArray().ShouldBe([round, round]);
        }
    }

    [Fact]
    public async Task Records_OfAResponseThatIsStillHeld_AreNotOverwrittenByTheNext()
    {
        using var first = await FetchAsync(1);
        var records = Records();

        using var second = await FetchAsync(2);

        records.ToArray().ShouldBe([1, 1]);
        Records().ToArray().ShouldBe([2, 2]);
    }

    [Fact]
    public async Task Dispose_ForTheSecondTime_DoesNotGiveBackTheNextResponse()
    {
        var first = await FetchAsync(1);
        first.Dispose();
        using var second = await FetchAsync(2);

        first.Dispose();

        using var third = await FetchAsync(3, new FetchResponse());
        Records().ToArray().ShouldBe([2, 2]);
    }

#if DEBUG
    [Fact]
    public async Task Records_OfAResponseThatWasGivenBack_Throw()
    {
        var loan = await FetchAsync(1);
        var records = Records();

        loan.Dispose();

        Should.Throw<ObjectDisposedException>(() => records.ToArray());
        Should.Throw<ObjectDisposedException>(() => loan.Length);
    }
#endif

    [Fact]
    public async Task Send_WhenCancelled_LeavesTheResponseObjectAlone()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _connection.SendAsync(_request, Version, _response, cancellation.Token).AsTask();
        var late = await _broker.ReceiveAsync();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(cancelled.WaitAsync(TestTime.Limit));

        var next = _connection.SendAsync(_request, Version, new FetchResponse(), CancellationToken.None).AsTask();
        var second = await _broker.ReceiveAsync();
        await _broker.AnswerAsync(late, Answer(1), Version);
        await _broker.AnswerAsync(second, Answer(2), Version);
        using var loan = await next.WaitAsync(TestTime.Limit);

        _response.Responses.ShouldBeEmpty();
    }

    [Fact]
    public async Task Send_WhenTheConnectionEnds_TellsWhoWaitsAndWhoComesAfter()
    {
        var waiting = _connection.SendAsync(_request, Version, _response, CancellationToken.None).AsTask();
        await _broker.ReceiveAsync();

        await _broker.DisposeAsync();

        await Should.ThrowAsync<KafkaConnectionClosedException>(waiting.WaitAsync(TestTime.Limit));
        await Should.ThrowAsync<KafkaConnectionClosedException>(
            _connection.SendAsync(_request, Version, _response, CancellationToken.None).AsTask().WaitAsync(TestTime.Limit));
    }

    private ReadOnlyMemory<byte> Records() => _response.Responses[0].Partitions[0].Records!.Value;

    private static FetchResponse Answer(byte value) => new() { Responses = [new() { Partitions = [new() { Records = new[] { value, value } }] }] };

    private async Task<PooledResponse> FetchAsync(byte value, FetchResponse? into = null)
    {
        var pending = _connection.SendAsync(_request, Version, into ?? _response, CancellationToken.None);
        await _broker.AnswerAsync(await _broker.ReceiveAsync(), Answer(value), Version);
        return await pending.AsTask().WaitAsync(TestTime.Limit);
    }
}
