using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SchemaStream;
using Shop.Contracts;

namespace Payments.Worker;

/// <summary>One payment for each order, exactly once.</summary>
internal sealed class PaymentLoop(SchemaStreamClient client, IOptions<PaymentSettings> settings) : BackgroundService
{
    /// <summary>How long the group waits for an instance that was killed before its partitions go to another.</summary>
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(6);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => client.TransformAsync(
        Topics.Orders,
        Topics.Payments,
        groupId: "payments",
        transactionalId: $"payments-{settings.Value.Instance}",
        order => new OutgoingRecord<string, PaymentDecided>(order.Value.OrderId.ToString(), Decide(order.Value)),
        new TransformOptions { Reading = new ConsumerOptions { SessionTimeout = SessionTimeout } },
        stoppingToken);

    /// <summary>
    /// The same for the same order: a transaction that is aborted is done again. A real bank is asked with the order's id as
    /// its idempotency key, for what is done outside of Kafka is done again too.
    /// </summary>
    private PaymentDecided Decide(OrderPlaced order) => new()
    {
        OrderId = order.OrderId.ToString(),
        Customer = order.Customer,
        Cents = (long)(order.Total * 100),
        Outcome = order.Total <= settings.Value.Limit ? PaymentOutcome.Taken : PaymentOutcome.Declined,
    };
}
