using System.Threading.Channels;
using SchemaStream.Broker.Runtime.Transactions;

namespace SchemaStream.Broker.Runtime.Tests.Transactions;

public sealed class RequestBatcherTests
{
    private readonly Channel<(int[] Items, TaskCompletionSource<IReadOnlyList<int>> Answer)> _requests =
        Channel.CreateUnbounded<(int[], TaskCompletionSource<IReadOnlyList<int>>)>();

    private readonly RequestBatcher<int, int> _batcher;

    public RequestBatcherTests() => _batcher = new RequestBatcher<int, int>(3, SendAsync, CancellationToken.None);

    [Fact]
    public async Task FirstItem_IsSentAtOnce_AndWhatComesMeanwhileTogether()
    {
        var first = _batcher.AddAsync(1);
        var rest = new[] { 2, 3, 4, 5 }.Select(_batcher.AddAsync).ToArray();

        (await AnswerNextAsync()).ShouldBe([1]);
        (await first).ShouldBe(10);
        (await AnswerNextAsync()).ShouldBe([2, 3, 4]);
        (await AnswerNextAsync()).ShouldBe([5]);

        (await Task.WhenAll(rest)).ShouldBe([20, 30, 40, 50]);
    }

    [Fact]
    public async Task Failure_IsToldToAllOfItsRequest_AndTheNextIsAnother()
    {
        var first = _batcher.AddAsync(1);
        var second = _batcher.AddAsync(2);

        (await _requests.Reader.ReadAsync()).Answer.SetException(new IOException("broken"));
        await Should.ThrowAsync<IOException>(first);
        await AnswerNextAsync();

        (await second).ShouldBe(20);
    }

    [Fact]
    public async Task ItemAfterAPause_IsSentAtOnce()
    {
        var first = _batcher.AddAsync(1);
        await AnswerNextAsync();
        (await first).ShouldBe(10);

        var second = _batcher.AddAsync(2);
        await AnswerNextAsync();

        (await second).ShouldBe(20);
    }

    private async Task<int[]> AnswerNextAsync()
    {
        var (items, answer) = await _requests.Reader.ReadAsync();
        answer.SetResult([.. items.Select(item => item * 10)]);
        return items;
    }

    private Task<IReadOnlyList<int>> SendAsync(IReadOnlyList<int> items, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<IReadOnlyList<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Writer.TryWrite(([.. items], answer)).ShouldBeTrue();
        return answer.Task;
    }
}
