using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Tests.Transport;

/// <summary>A real broker with quotas: whoever is throttled loses nothing, and is told of nothing.</summary>
public sealed class QuotaTests
{
    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task ProducerAndConsumerOverTheirQuotas_CarryAllRecordsInTheirOrder(ClientTransport transport)
    {
        const int count = 60;
        await using var secured = await SecuredTopic.StartAsync(new());
        await LimitAsync(secured, "producer_byte_rate", 40_000);
        await LimitAsync(secured, "consumer_byte_rate", 40_000);
        var topic = secured.Topic(new(), transport);
        var values = Enumerable.Range(0, count).Select(n => $"{n} {new string('x', 1000)}").ToList();

        await using (var producer = topic.Produce(new ProducerOptions { Linger = TimeSpan.Zero, DeliveryTimeout = 2 * TestTime.Limit }))
        {
            foreach (var value in values)
            {
                await producer.EnqueueAsync("k", value, new RecordOptions { Partition = 0 });
            }

            await producer.FlushAsync();
        }

        (await SecuredTopic.ReadAsync(topic, count)).ShouldBe(values);
    }

    private static async Task LimitAsync(SecuredTopic secured, string quota, double bytesPerSecond)
    {
        await using var admin = await secured.Front.Broker.ConnectAsync("admin");
        var response = await admin.SendAsync(
            new AlterClientQuotasRequest
            {
                Entries =
                [
                    new()
                    {
                        Entity = [new() { EntityType = "client-id", EntityName = null }], // every other client's
                        Ops = [new() { Key = quota, Value = bytesPerSecond }],
                    },
                ],
            },
            1).WaitAsync(TestTime.Limit);
        response.Entries.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
    }
}
