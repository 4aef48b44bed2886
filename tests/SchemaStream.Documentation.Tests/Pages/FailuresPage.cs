using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/failures.md</c>.</summary>
public sealed class FailuresPage(Shop shop) : IClassFixture<Shop>
{
    private static readonly Topic<string, string> Payments = Topic.Primitive<string, string>("payments");

    [Fact]
    public async Task FailedRecord_IsTriedAgain_AndEndsInTheDeadLetterTopic()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Payments, new TopicSpecification { PartitionCount = 1 });
        await using (var producer = await client.CreateProducerAsync(Payments))
        {
            await producer.SendAsync("customer-7", "good");
            await producer.SendAsync("customer-7", "bad");
        }

        using var stop = new CancellationTokenSource(TestTime.Limit);
        var options = new ConsumerOptions { CommitMode = CommitMode.AfterHandling, DecodeFailure = FailurePolicy.DeadLetter };
        await using var payments = await client.CreateConsumerAsync(Payments, "booking", options);
        var processing = payments.ProcessAsync(
            (payment, cancellationToken) => BookAsync(payment.Value, cancellationToken),
            new ProcessingOptions
            {
                Failure = FailurePolicy.Retry(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1))
                    .Then(FailureAction.DeadLetter),
            },
            stop.Token);

        var deadLetters = Topic.Primitive<byte[], byte[]>("payments.dlt");
        await client.EnsureTopicAsync(deadLetters);
        await using var inspector = await client.CreateConsumerAsync(deadLetters, "inspectors");
        await foreach (var letter in inspector.ReadAllAsync(stop.Token))
        {
            Console.WriteLine(letter.Headers[FailureHeaders.Reason]?.AsText());
            letter.Headers[FailureHeaders.Attempt]?.AsText().ShouldBe("3");
            break;
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => processing);
    }

    [Fact]
    public void Policies_AreValues()
    {
        var throughTopics = FailurePolicy.RetryTopics(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1));
        var onlyTimeouts = FailurePolicy.Retry(TimeSpan.FromSeconds(1)) with { RetryWhen = failure => failure is TimeoutException };

        throughTopics.Finally.ShouldBe(FailureAction.DeadLetter);
        onlyTimeouts.Finally.ShouldBe(FailureAction.Throw);
    }

    private static ValueTask BookAsync(string payment, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return payment == "bad" ? throw new InvalidOperationException("no such account") : ValueTask.CompletedTask;
    }
}
