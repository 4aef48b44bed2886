namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>Whatever becomes of requests, records are in the log once and in their order, and their senders are told the truth.</summary>
public sealed class ProduceStateTests
{
    private const int Histories = 1_000;
    private const int Steps = 300;

    [Fact]
    public void RandomHistories_LoseNothing_DoubleNothing_AndKeepTheOrder()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            try
            {
                new ProduceHistory(seed).Run(Steps);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
            }
        }
    }
}
