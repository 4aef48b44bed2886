namespace SchemaStream.Json.Compatibility;

/// <summary>How much work one comparison may still do.</summary>
internal sealed class StepBudget
{
    private int _left = JsonSchemaLimits.MaxComparedSteps;

    public void Take()
    {
        if (--_left < 0)
        {
            throw new JsonSchemaException(
                $"Comparing the schemas takes more than {JsonSchemaLimits.MaxComparedSteps} steps; it is not done.");
        }
    }
}
