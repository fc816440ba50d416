namespace Adapter.Mappings.Wco;

/// <summary>Functional errors as the European transit system numbers them; ValidationCode holds eight characters at most.</summary>
public static class WcoErrorCodes
{
    /// <summary>A value is not as its format says.</summary>
    public const string Invalid = "12";

    /// <summary>Something that must be there is missing.</summary>
    public const string Missing = "13";

    /// <summary>The id was used before for another message.</summary>
    public const string IdReused = "26";

    /// <summary>No movement has this MRN.</summary>
    public const string UnknownMrn = "90";

    /// <summary>The message does not fit the state of the movement.</summary>
    public const string OutOfSequence = "92";
}

/// <summary>FunctionCode of responses in our profile.</summary>
public static class WcoFunction
{
    public const int Accepted = 1;
    public const int Received = 2;
    public const int Rejected = 3;

    /// <summary>Send again what is missing (UN/EDIFACT 1225, retransmission); a statement RESEND names the numbers.</summary>
    public const int SendAgain = 35;
}
