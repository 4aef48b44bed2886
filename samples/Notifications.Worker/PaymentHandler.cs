using System.Globalization;
using SchemaStream;
using SchemaStream.Hosting.Consuming;
using Shop.Contracts;

namespace Notifications.Worker;

/// <summary>Tells a customer about a payment. What it throws is answered by the failure policy.</summary>
internal sealed class PaymentHandler(ITopicProducer<string, CustomerNotified> notifications) : ITopicHandler<string, PaymentDecided>
{
    public async ValueTask HandleAsync(ConsumedRecord<string, PaymentDecided> record, CancellationToken cancellationToken)
    {
        var payment = record.Value;
        var amount = (payment.Cents / 100m).ToString("F2", CultureInfo.InvariantCulture);
        var text = payment.Outcome == PaymentOutcome.Taken
            ? $"We have received your payment of {amount}."
            : $"Your payment of {amount} was declined.";

        MailServer.Send(payment.Customer, FailedAttempts(record.Headers));
        await notifications.SendAsync(
            payment.OrderId, new CustomerNotified(payment.OrderId, payment.Customer, text), cancellationToken: cancellationToken);
    }

    private static int FailedAttempts(RecordHeaders headers) =>
        headers[FailureHeaders.Attempt]?.AsText() is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
}
