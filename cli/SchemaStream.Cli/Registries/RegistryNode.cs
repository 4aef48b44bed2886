using Microsoft.Extensions.Logging;
using SchemaStream.Cli.Processes;
using SchemaStream.Registry;
using SchemaStream.Registry.Configuration;

namespace SchemaStream.Cli.Registries;

/// <summary>A registry from its settings to its end.</summary>
internal static partial class RegistryNode
{
    /// <summary>Beyond what requests in flight may take, the writer and the log have this long to close.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(
        IEnumerable<ToldRegistrySetting> told, LogLevel? logLevel, CancellationToken cancellation)
    {
        var configuration = RegistryConfiguration.From(told);
        var options = RegistryOptionsReader.Read(configuration, TimeProvider.System);
        using var logs = ConsoleLogs.Create(
            logLevel ?? Level(configuration), configuration.Choice(RegistrySettingNames.LogFormat, "TEXT", "JSON") == "JSON");
        if (configuration.Ignored.Count > 0)
        {
            Ignored(logs.CreateLogger("SchemaStream.Registry"), string.Join(", ", configuration.Ignored));
        }

        var registry = await RegistryHost.StartAsync(options, logs, cancellation);
        Console.WriteLine($"ready registry={registry.BaseAddress.ToString().TrimEnd('/')}");
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellation.Register(stop.SetResult))
        {
            using var settled = new CancellationTokenSource();
            var settling = StartPages.ReleaseLaterAsync(settled.Token);
            await stop.Task;
            await settled.CancelAsync();
            await settling;
        }

        try
        {
            await registry.StopAsync(CancellationToken.None).WaitAsync(options.StopTimeout + ClosingTime, TimeProvider.System, CancellationToken.None);
            return ExitCodes.Done;
        }
        catch (TimeoutException)
        {
            return ExitCodes.Cut;
        }
    }

    private static LogLevel Level(RegistryConfiguration configuration)
    {
        var names = Enum.GetNames<LogLevel>();
        var choice = configuration.Choice(RegistrySettingNames.LogLevel, [.. names.Select(name => name.ToUpperInvariant())]);
        return Enum.Parse<LogLevel>(choice, ignoreCase: true);
    }

    [LoggerMessage(2060, LogLevel.Warning, "These settings are Confluent's and mean nothing here: {Settings}")]
    private static partial void Ignored(ILogger logger, string settings);
}
