namespace SchemaStream.Bench.EndToEnd.Contenders;

/// <summary>One way to move records, which takes turns with others.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>Moves records, and completes when all are acknowledged or read.</summary>
    /// <param name="count">How many.</param>
    Task MoveAsync(int count);
}
