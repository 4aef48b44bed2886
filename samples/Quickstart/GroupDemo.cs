using System.Collections.Concurrent;
using SchemaStream;

namespace Quickstart;

/// <summary>Two members of one group.</summary>
internal static class GroupDemo
{
    private const int ShownRecords = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static OrderPlaced Order(int number) => new(
        Guid.NewGuid(),
        $"customer-{number % 50}",
        Amount: number + 0.99m,
        TimeProvider.System.GetUtcNow(),
        Coupon: number % 10 == 0 ? "WELCOME" : null);

    /// <summary>Reads with both members until all records are there, shows some, and checks what was promised.</summary>
    public static async Task ReadAsync(
        ITopicConsumer<string, OrderPlaced> first, ITopicConsumer<string, OrderPlaced> second, int expected, Verdict verdict)
    {
        using var end = new CancellationTokenSource(Limit);
        var records = new ConcurrentQueue<(string Member, ConsumedRecord<string, OrderPlaced> Record)>();
        await Task.WhenAll(ReadOneAsync("first", first), ReadOneAsync("second", second));
        await first.CommitAsync(); // a next run goes on from here; the last record in hand included
        await second.CommitAsync();

        foreach (var member in records.GroupBy(entry => entry.Member).OrderBy(member => member.Key))
        {
            Console.WriteLine($"   {member.Key} member: {member.Count()} records");
            foreach (var (_, record) in member.Take(ShownRecords))
            {
                Console.WriteLine($"     partition {record.Partition} offset {record.Offset} key {record.Key} value {record.Value}");
            }
        }

        verdict.Check("both members received records", records.Select(entry => entry.Member).Distinct().Count() == 2);
        verdict.Check($"all {expected} records came, each once", records.Count == expected
            && records.Select(entry => entry.Record.Value.OrderId).Distinct().Count() == expected);
        verdict.Check("every key is the customer of its order", records.All(entry => entry.Record.Key == entry.Record.Value.Customer));
        verdict.Check("each customer's orders stayed in one partition and in order", records
            .GroupBy(entry => entry.Record.Key)
            .All(customer => customer.Select(entry => entry.Record.Partition).Distinct().Count() == 1
                && customer.Select(entry => entry.Record.Value.Amount).SequenceEqual(
                    customer.Select(entry => entry.Record.Value.Amount).Order())));

        async Task ReadOneAsync(string name, ITopicConsumer<string, OrderPlaced> member)
        {
            try
            {
                await foreach (var record in member.ReadAllAsync(end.Token))
                {
                    records.Enqueue((name, record));
                    if (records.Count >= expected)
                    {
                        await end.CancelAsync(); // ends the other member's loop as well
                    }
                }
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine($"   the {name} member has read enough");
            }
        }
    }
}
