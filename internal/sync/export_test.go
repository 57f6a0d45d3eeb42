package sync

// Nudge makes a worker look for work at once, as when its clock has gone on.
func (s *Service) Nudge() { s.nudge() }

// Order is how an order of a store becomes one of ingest.
var Order = order
