namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Registers one schema after another, each until it is acknowledged, at whichever instance comes first.</summary>
internal sealed class Writer(int number, InstanceGroup group)
{
    private readonly Random _random = new(number);

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            // Half of the schemas are this writer's own, half are raced for by all of them.
            var schema = i % 2 == 0 ? $"W{number}R{i}" : $"Shared{i}";
            await RegisterAsync($"{schema}-value", schema);
        }
    }

    /// <summary>What was not acknowledged may be there or not: it is asked for until it is, so that no id stays unaccounted for.</summary>
    private async Task RegisterAsync(string subject, string schema)
    {
        while (true)
        {
            try
            {
                var (status, body) = await group.Any(_random).RegisterAsync(subject, Avro.Record(schema));
                if (status == 200)
                {
                    group.Acknowledged.Add(new Registration(
                        subject, schema, body.GetProperty("id").GetInt32(), body.GetProperty("version").GetInt32()));
                    return;
                }

                status.ShouldBe(500, body.ToString());
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException or TaskCanceledException)
            {
                // The instance was killed in the middle of it.
            }
        }
    }
}
