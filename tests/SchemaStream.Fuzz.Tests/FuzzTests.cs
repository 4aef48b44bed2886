using System.Globalization;
using SchemaStream.Protocol;
using Xunit.Abstractions;

namespace SchemaStream.Fuzz.Tests;

/// <summary>
/// Whatever a client sends, to whichever API, at whichever version: the broker answers it or closes that connection, at once;
/// it allocates no more than a frame may hold, hangs nowhere, logs no fault of its own, and goes on serving.
/// </summary>
/// <remarks>A failure names the seed of its request. <c>FUZZ_SEED=N</c> runs other requests than those of every day.</remarks>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Short = 2_000;
    private const int Long = 100_000;

    public static TheoryData<string> OfClients() => [.. ServedApis.OfClients().Select(api => api.ToString())];

    public static TheoryData<string> OfControllers() => [.. ServedApis.OfControllers().Select(api => api.ToString())];

    [Theory]
    [MemberData(nameof(OfClients))]
    public Task Api_OfClients_StandsWhateverComes(string api) => RunAsync(controllers: false, api, Short);

    [Theory]
    [MemberData(nameof(OfControllers))]
    public Task Api_OfControllers_StandsWhateverComes(string api) => RunAsync(controllers: true, api, Short);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(OfClients))]
    public Task Api_OfClients_StandsWhateverComes_ForLong(string api) => RunAsync(controllers: false, api, Long);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(OfControllers))]
    public Task Api_OfControllers_StandsWhateverComes_ForLong(string api) => RunAsync(controllers: true, api, Long);

    private async Task RunAsync(bool controllers, string api, int count)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "1", CultureInfo.InvariantCulture);
        await using var run = await FuzzRun.StartAsync();
        await run.RunAsync(controllers, Enum.Parse<ApiKey>(api), count, seed);
        output.WriteLine(
            $"seed {seed}: {string.Join(", ", run.Outcomes.OrderBy(outcome => outcome.Key).Select(outcome => $"{outcome.Value} {outcome.Key}"))}; "
            + $"slowest {run.Slowest.TotalMilliseconds:0.0} ms, most allocated {run.MostAllocated / 1024} KiB");
    }
}
