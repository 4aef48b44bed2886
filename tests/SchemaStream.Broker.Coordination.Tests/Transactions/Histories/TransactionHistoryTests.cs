namespace SchemaStream.Broker.Coordination.Tests.Transactions.Histories;

public sealed class TransactionHistoryTests
{
    private const int Histories = 3_000;

    /// <summary>A failure names its seed; <c>SCHEMASTREAM_SEED</c> runs that one alone.</summary>
    [Fact]
    public void RandomHistories_KeepEveryPromise()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("SCHEMASTREAM_SEED"), out var seed))
        {
            TransactionHistory.Run(seed);
            return;
        }

        for (seed = 1; seed <= Histories; seed++)
        {
            TransactionHistory.Run(seed);
        }
    }
}
