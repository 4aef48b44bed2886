namespace Shop.Demo.Auditing;

/// <summary>A number that was counted, and whether it is as it must be.</summary>
/// <param name="What">What was counted.</param>
/// <param name="Count">How many.</param>
/// <param name="Detail">What belongs to it.</param>
/// <param name="Holds">Whether it is right.</param>
internal sealed record Finding(string What, long Count, string Detail, bool Holds)
{
    private const int WhatWidth = 34;
    private const int CountWidth = 8;

    public override string ToString() => $"  {(Holds ? "ok  " : "FAIL")} {What.PadRight(WhatWidth)}{Count,CountWidth}   {Detail}";
}
