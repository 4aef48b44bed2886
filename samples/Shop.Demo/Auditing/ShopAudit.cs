using Shop.Contracts;
using Shop.Demo.Driving;

namespace Shop.Demo.Auditing;

/// <summary>What must hold between what the API has accepted and what lies in the topics.</summary>
internal static class ShopAudit
{
    /// <summary>Reads the topics and counts.</summary>
    /// <param name="shop">The shop.</param>
    /// <param name="accepted">What the API has accepted.</param>
    /// <param name="isShared">Whether others may have ordered as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<Finding>> TakeAsync(
        ShopAddresses shop, IReadOnlyDictionary<string, AcceptedOrder> accepted, bool isShared, CancellationToken cancellationToken)
    {
        var records = await ShopRecords.ReadAsync(shop, cancellationToken);
        return [Orders(records, accepted, isShared), Payments(records), Stock(records), Notified(records), Retried(records), DeadLettered(records), Analytics(records)];
    }

    /// <summary>Each order that was accepted is there, once, as it was accepted, and where nobody else orders no other is.</summary>
    private static Finding Orders(ShopRecords records, IReadOnlyDictionary<string, AcceptedOrder> accepted, bool isShared)
    {
        var byKey = records.Orders.ToLookup(entry => entry.IdempotencyKey, entry => entry.Order);
        var duplicates = records.Orders.Count - byKey.Count;
        var lost = accepted.Keys.Count(key => !byKey.Contains(key));
        var other = accepted.Count(entry => byKey[entry.Key].Any(order =>
            (order.OrderId, order.Customer, order.Total) != (entry.Value.OrderId, entry.Value.Customer, entry.Value.Total)));
        var strange = byKey.Count(order => !accepted.ContainsKey(order.Key));
        return new Finding(
            "orders on the topic",
            records.Orders.Count,
            $"duplicates {duplicates}, lost {lost}, changed {other}" + (strange > 0 ? $", of others {strange}" : ""),
            accepted.Count > 0 && duplicates == 0 && lost == 0 && other == 0 && (isShared || strange == 0));
    }

    /// <summary>Each order has one payment, of its amount.</summary>
    private static Finding Payments(ShopRecords records)
    {
        var byOrder = records.Payments.ToLookup(payment => payment.OrderId);
        var duplicates = records.Payments.Count - byOrder.Count;
        var lost = records.Orders.Count(entry => !byOrder.Contains(entry.Order.OrderId.ToString()));
        var strange = byOrder.Count - records.Orders.Count(entry => byOrder.Contains(entry.Order.OrderId.ToString()));
        var wrong = records.Orders.Count(entry => byOrder[entry.Order.OrderId.ToString()].Any(payment => payment.Cents != (long)(entry.Order.Total * 100)));
        var declined = records.Payments.Count(payment => payment.Outcome == PaymentOutcome.Declined);
        return new Finding(
            "payments",
            records.Payments.Count,
            $"duplicates {duplicates}, lost {lost}, of another amount {wrong}, of no order {strange}; declined {declined}",
            duplicates == 0 && lost == 0 && wrong == 0 && strange == 0);
    }

    /// <summary>What the table says is what was ordered.</summary>
    private static Finding Stock(ShopRecords records)
    {
        var ordered = records.Orders.SelectMany(entry => entry.Order.Lines).GroupBy(line => line.Sku)
            .ToDictionary(line => line.Key, line => line.Sum(one => one.Quantity));
        var wrong = records.Stock.Count(level => ordered.GetValueOrDefault(level.Sku) != level.Sold)
            + ordered.Keys.Except(records.Stock.Select(level => level.Sku)).Count()
            + records.Stock.Count(level => level.Available != Products.InitialStock - level.Sold);
        return new Finding(
            "items taken from the stock",
            records.Stock.Sum(level => (long)level.Sold),
            $"ordered {ordered.Values.Sum(items => (long)items)}; products with another level {wrong}",
            wrong == 0);
    }

    /// <summary>Each payment was told to its customer, or lies with the dead letters.</summary>
    private static Finding Notified(ShopRecords records)
    {
        var told = records.Notifications.Select(notification => notification.OrderId).ToHashSet();
        var dead = records.DeadLetters.Select(letter => letter.OrderId).ToHashSet();
        var lost = records.Payments.Count(payment => !told.Contains(payment.OrderId) && !dead.Contains(payment.OrderId));
        var repeated = records.Notifications.Count - told.Count; // mail is not part of a transaction: it may be
        return new Finding(
            "payments told to customers", told.Count, $"lost {lost}; repeated {repeated}, which mail may be; the others are below", lost == 0 && !told.Overlaps(dead));
    }

    /// <summary>Busy mailboxes were tried again: once where that was enough, twice where nothing was.</summary>
    private static Finding Retried(ShopRecords records)
    {
        var expected = records.Payments.Sum(payment => KindOf(payment.Customer) switch { 3 => 1, 7 => 2, _ => 0 });
        return new Finding("notifications retried", records.Retries, $"expected at least {expected}", records.Retries >= expected);
    }

    /// <summary>Those that no retry could help, and none else.</summary>
    private static Finding DeadLettered(ShopRecords records)
    {
        var expected = records.Payments.Where(payment => KindOf(payment.Customer) is 7 or 11).Select(payment => payment.OrderId).ToHashSet();
        var found = records.DeadLetters.Select(letter => letter.OrderId).ToHashSet();
        return new Finding("payments that nobody was told of", found.Count, $"in the dead-letter topic; expected {expected.Count}", found.SetEquals(expected));
    }

    /// <summary>The counts by minute and product are those of the visits' own times.</summary>
    private static Finding Analytics(ShopRecords records)
    {
        var expected = records.Visits.GroupBy(visit => (MinuteOf(visit.At), visit.Sku)).ToDictionary(window => window.Key, window => (long)window.Count());
        var found = records.Counts.ToDictionary(count => (count.Minute, count.Sku), count => count.Count);
        var wrong = expected.Keys.Union(found.Keys).Count(window => expected.GetValueOrDefault(window) != found.GetValueOrDefault(window));
        var minutes = found.Keys.Select(window => window.Minute).Distinct().Count();
        return new Finding(
            "visits counted by analytics", found.Values.Sum(), $"sent {records.Visits.Count}; in {minutes} minutes; wrong windows {wrong}", wrong == 0);
    }

    /// <summary>As the mail server of Notifications.Worker tells customers apart.</summary>
    private static int KindOf(string customer) => int.Parse(customer.AsSpan(customer.LastIndexOf('-') + 1), provider: null) % 20;

    private static DateTimeOffset MinuteOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
