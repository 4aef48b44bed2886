using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Cli.Up;

/// <summary><c>up --ephemeral</c>: a stack that leaves nothing behind.</summary>
internal static class EphemeralRun
{
    public const string Option = "--ephemeral";

    public static async Task<int> RunAsync(StackOptions options, CancellationToken cancellation)
    {
        EphemeralDirectory? place = null;
        try
        {
            RefuseOtherDirectories(options);
            place = EphemeralDirectory.Create(null, Console.Error);
        }
        catch (Exception e) when (e is BrokerStartException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"schemastream up: {Option}: {e.Message}");
            return ExitCodes.Failed;
        }

        using (place)
        {
            try
            {
                return await Stack.RunAsync(options with { DataDirectory = place.Directory }, cancellation);
            }
            finally
            {
                // Told to stop twice, the process ends at once and does not come here: then it is the next start that deletes.
                place.Delete(Console.Error);
            }
        }
    }

    /// <summary>A setting that says where data goes would have it kept.</summary>
    private static void RefuseOtherDirectories(StackOptions options)
    {
        var configuration = BrokerConfiguration.From(null, options.BrokerEnvironment, options.BrokerSettings);
        foreach (var key in (ReadOnlySpan<string>)[BrokerSettingNames.LogDirs, BrokerSettingNames.LogDir])
        {
            if (configuration.Settings.ContainsKey(key))
            {
                throw new BrokerStartException($"{configuration.Where(key)} {key}: expected none, for nothing is to be kept");
            }
        }
    }
}
