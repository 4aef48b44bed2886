using Quickstart;
using SchemaStream;
using SchemaStream.Testing;

if (!Addresses.TryParse(args, out var address))
{
    Console.Error.WriteLine(Addresses.Usage);
    return 2;
}

await using var stack = address is null ? await SchemaStreamTestHost.StartAsync() : null;
address ??= new Addresses(stack!.BootstrapServers, stack.RegistryUrl);
Console.WriteLine($"kafka={address.Kafka} registry={address.Registry}");

await using var client = new SchemaStreamClient(new() { BootstrapServers = address.Kafka, RegistryUrl = address.Registry });
var verdict = new Verdict();

const int orderCount = 1000;
Console.WriteLine("\n1. A topic of three partitions, bound to its types");
var isNew = await client.EnsureTopicAsync(Topics.Orders, new() { PartitionCount = 3 });
Console.WriteLine($"   {(isNew ? "created" : "it was there from an earlier run")}");
var contract = await client.Registry.GetContractAsync(Topics.Orders.Name);
Console.WriteLine($"   {contract?.Topic}: key {contract?.Key?.Describe()}, value {contract?.Value?.Describe()}");
verdict.Check("the contract is bound to the record's type", contract?.Value?.Type == typeof(OrderPlaced).FullName);

Console.WriteLine($"\n2. A group of two members reads while {orderCount} typed events are sent, keyed by customer");
await using var first = await client.CreateConsumerAsync(Topics.Orders, "quickstart");
await using var second = await client.CreateConsumerAsync(Topics.Orders, "quickstart");
await first.WaitForAssignmentAsync();
await second.WaitForAssignmentAsync();
await using (var producer = await client.CreateProducerAsync(Topics.Orders))
{
    var sent = await producer.SendAsync("customer-0", GroupDemo.Order(0));
    Console.WriteLine($"   awaited: {sent.Topic}[{sent.Partition}] at offset {sent.Offset}");
    for (var number = 1; number < orderCount; number++)
    {
        await producer.EnqueueAsync($"customer-{number % 50}", GroupDemo.Order(number)); // waits only when the queue is full
    }

    await producer.FlushAsync();
}

await GroupDemo.ReadAsync(first, second, orderCount, verdict);

Console.WriteLine("\n3. The wrong type, three ways: each is refused");
await Refusals.AnotherTypeAsync(client, verdict);
await Refusals.IncompatibleSchemaAsync(address.Registry, verdict);
await Refusals.AnotherFormatAsync(address.Registry, verdict);
verdict.Check("the subject still holds one schema", (await client.Registry.ListVersionsAsync("orders-value")).Count == 1);

return verdict.Report();
