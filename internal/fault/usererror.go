package fault

// UserErrorCode says what is wrong with one part of a mutation's input. The values are those of the API's enum
// UserErrorCode.
type UserErrorCode string

// The codes of user errors.
const (
	// CodeInvalid is a value that cannot be right.
	CodeInvalid UserErrorCode = "INVALID"
	// CodeRequired is a value that is missing.
	CodeRequired UserErrorCode = "REQUIRED"
	// CodeTooShort is text with fewer characters than it needs.
	CodeTooShort UserErrorCode = "TOO_SHORT"
	// CodeTooLong is text or a list beyond its limit.
	CodeTooLong UserErrorCode = "TOO_LONG"
	// CodeTaken is a value that somebody else has already.
	CodeTaken UserErrorCode = "TAKEN"
	// CodeNotFound is a reference to something that does not exist for the caller.
	CodeNotFound UserErrorCode = "NOT_FOUND"
	// CodeForbidden is something that this caller may not do.
	CodeForbidden UserErrorCode = "FORBIDDEN"
	// CodeConflict is a value that is fine in itself but not in the present state of the data.
	CodeConflict UserErrorCode = "CONFLICT"
	// CodeExpired is a code or token whose time is over.
	CodeExpired UserErrorCode = "EXPIRED"
	// CodeAlreadyRunning is work that is going on already.
	CodeAlreadyRunning UserErrorCode = "ALREADY_RUNNING"
	// CodeInvalidCredentials is a wrong password, an unknown address or a refresh token that does not count.
	CodeInvalidCredentials UserErrorCode = "INVALID_CREDENTIALS"
	// CodeEmailNotVerified is an action that waits for a verified address.
	CodeEmailNotVerified UserErrorCode = "EMAIL_NOT_VERIFIED"
	// CodeTOTPRequired is a login that needs the second factor too.
	CodeTOTPRequired UserErrorCode = "TOTP_REQUIRED"
	// CodeTOTPInvalid is a wrong second factor.
	CodeTOTPInvalid UserErrorCode = "TOTP_INVALID"
	// CodeShopUnreachable is a store that does not answer.
	CodeShopUnreachable UserErrorCode = "SHOP_UNREACHABLE"
	// CodeScopeMissing is a store's credential that does not reach far enough.
	CodeScopeMissing UserErrorCode = "SCOPE_MISSING"
	// CodeConfirmationMismatch is a confirmation that does not say what it must.
	CodeConfirmationMismatch UserErrorCode = "CONFIRMATION_MISMATCH"
)

// UserError is a problem in a mutation's input that the caller can fix. It is part of an ordinary answer, unlike Error,
// which refuses the request.
type UserError struct {
	// Field is the path into the arguments, outermost first; nil when it concerns the whole mutation.
	Field []string
	// Message is written for the caller and may be shown as it is.
	Message string
	Code    UserErrorCode
}
