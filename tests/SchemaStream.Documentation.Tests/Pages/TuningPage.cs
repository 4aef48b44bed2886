namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/tuning.md</c>.</summary>
public sealed class TuningPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task ProducerWithThePagesOptions_Sends()
    {
        var options = new ProducerOptions
        {
            Acks = Acks.All,
            Compression = CompressionType.Lz4,
            Linger = TimeSpan.FromMilliseconds(20),
            QueueCapacity = 500_000,
        };

        await using var client = shop.Stack.CreateClient();
        var topic = Topic.Primitive<string, string>("tuned");
        await client.EnsureTopicAsync(topic);
        await using var producer = await client.CreateProducerAsync(topic, options);

        (await producer.SendAsync("a", "b")).Offset.ShouldBe(0);
        Acks.Leader.ShouldNotBe(Acks.All);
        AssignmentStrategy.CooperativeSticky.ShouldNotBe(AssignmentStrategy.Range);
    }
}
